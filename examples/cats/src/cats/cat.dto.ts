import { PartialType } from '@nestjs/mapped-types';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDate,
  IsEnum,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Max,
  Min,
  registerDecorator,
  ValidateNested,
  ValidationArguments,
  ValidationOptions,
} from 'class-validator';
import { Breed, Cat, Mood } from './cat.js';

function IsCapitalised(options?: ValidationOptions): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isCapitalised',
      target: target.constructor,
      propertyName: String(property),
      options,
      validator: {
        validate: (value: unknown) => typeof value === 'string' && /^\p{Lu}/u.test(value),
        defaultMessage: (args: ValidationArguments) => `${args.property} starts with a capital`,
      },
    });
}

export class RoomDto {
  @IsString()
  @IsNotEmpty()
  name: string;

  @IsPositive()
  size: number;
}

export class HomeDto {
  @Length(3, 40)
  street: string;

  @IsString()
  city: string;

  @IsArray()
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => RoomDto)
  rooms: RoomDto[] = [];
}

export class CreateCatDto {
  @IsCapitalised()
  @Transform(({ value }) => (typeof value === 'string' ? value.trim() : value))
  name: string;

  @IsInt()
  @Min(0)
  @Max(40)
  age: number;

  @IsEnum(Breed)
  breed: Breed = Breed.Stray;

  @IsOptional()
  @IsEnum(Mood)
  mood?: Mood;

  @IsOptional()
  @IsString({ each: true })
  tags?: string[];

  @IsOptional()
  @Type(() => Date)
  @IsDate()
  born?: Date;

  @IsOptional()
  @ValidateNested()
  @Type(() => HomeDto)
  home?: HomeDto;
}

export class UpdateCatDto extends PartialType(CreateCatDto) {}

export class ListQuery {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Type(() => Number)
  limit?: number;

  @IsOptional()
  @IsEnum(Breed)
  breed?: Breed;
}

/** What a visitor may see of a cat. */
@Exclude()
export class CatView {
  @Expose()
  name: string;

  @Expose({ name: 'years' })
  age: number;

  @Expose()
  @Transform(({ obj }: { obj: Cat }) => Cat.describe(obj))
  summary: string;

  secret: string;

  constructor(cat: Cat) {
    Object.assign(this, cat, { secret: 'afraid of dogs' });
  }
}
